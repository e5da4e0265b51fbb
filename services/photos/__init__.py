"""Photos of business licences and shop signs: which enterprise they show. Seen in memory, never kept."""
