"""Work that runs beside the pages; thin, it calls services."""
