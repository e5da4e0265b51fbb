"""The clock door: deliveries and timetable, a process of its own."""
