"""Papers: minutes, conclusions and reports as DOCX and PDF in the layout of Vietnamese administrative documents."""
