"""Tagging over HTTP, with a page for people (extra `serve`).

app.py        the paths: /tag, /explain, /health, /models, /metrics, the page and the OpenAPI description
schemas.py    what a request's JSON may hold
worker.py     the thread that tags; requests that wait together are tagged as one batch
middleware.py what every request passes: host, size, time, metrics, access log
metrics.py    what is counted, for Prometheus
running.py    the socket, uvicorn, and the graceful stop
index.html    the page, with style.css and page.js; docs.html with docs.js shows the OpenAPI description
"""
