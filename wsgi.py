"""What gunicorn serves: `gunicorn --preload wsgi:app`."""

import gc

import pygal.style  # noqa: F401 - every worker draws a chart sooner or later: loaded here, they share it

from vps.app import create_app

app = create_app()

# The workers share what is loaded by now as long as nobody touches it, and the garbage collector would touch all of it.
gc.collect()
gc.freeze()
