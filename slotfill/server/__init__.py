"""Tagging over HTTP, with a page for people (extra `serve`).

app.py        the paths: /tag, /explain, /health, /models, /metrics, the page and the OpenAPI description
schemas.py    the JSON of requests
desk.py       from a request to the worker of its model, and back
worker.py     the thread that tags; requests that wait together are tagged as one batch
short_way.py  from a connection to POST /tag without a task and ASGI's messages
middleware.py checks of host, size and time for every request; metrics and the access log
metrics.py    figures for Prometheus
review.py     the paths of a review: `serve --review`
running.py    the socket, uvicorn, and the graceful stop
page/         index.html with page.js, docs.html with docs.js (the OpenAPI description), review.html with review.js,
              cell.html with cell.js (a cell by hand: worked.js computes what slotfill/worked does); in English and,
              by translation.js and zh.js, in Chinese
"""
