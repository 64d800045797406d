"""What gunicorn serves: `gunicorn --preload wsgi:app`."""

import gc

from vps.app import create_app

app = create_app()

# The workers share what is loaded by now as long as nobody touches it, and the garbage collector would touch all of it.
gc.collect()
gc.freeze()
