"""Official forms, case lists and statistics on paper: from a case's data to DOCX, PDF and XLSX."""
