"""A plan and data become results, tables, figures and a report. Plain Python: it knows no trial."""
