import gc

from blueprints.app import create_app

app = create_app()
gc.freeze()  # what a process is born with is no garbage: searching it held up a page for a tenth of a second
