"""Records as text: the values of a JSON object, the cells of a table's row, the heads of a stored answer."""
