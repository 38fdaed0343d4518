"""From facts to words: columns, rows, filters, tables and documents. No screen."""
