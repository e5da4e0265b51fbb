"""Working days in China: the table of holidays and the counting of terms."""
