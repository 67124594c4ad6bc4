"""引継書: what a department hands to whoever comes, as one PDF or workbook."""
