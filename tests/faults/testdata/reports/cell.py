"""Runs one cell through the kernel, as JupyterLab would, and prints what it printed."""
import nbclient
import nbformat

book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell('%%\nfmt.Println("the cell says", 40+2)')])
nbclient.NotebookClient(book, timeout=120, startup_timeout=60, kernel_name="gonb").execute()
print("".join(output.get("text", "") for output in book.cells[0].outputs))
