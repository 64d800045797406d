"""What gunicorn serves: `gunicorn wsgi:app`."""

from vps.app import create_app

app = create_app()
