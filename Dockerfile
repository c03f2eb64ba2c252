# slotfill serve in a small image: docs/deploy.md shows how to build and run it.

# not slim: it has the compiler for slotfill's core
FROM python:3.13 AS build
WORKDIR /source
COPY pyproject.toml hatch_build.py README.md LICENSE ./
COPY LICENSES LICENSES
COPY slotfill slotfill
COPY data/travel data/travel
COPY data/travel-zh data/travel-zh
COPY data/twins data/twins
COPY models/README.md models/README.md
COPY models/travel models/travel
COPY models/travel-zh models/travel-zh
COPY models/tiny-elman models/tiny-elman
COPY models/tiny-feedforward models/tiny-feedforward
COPY models/tiny-jordan models/tiny-jordan
COPY models/tiny-lstm models/tiny-lstm
RUN python -m venv /opt/slotfill && SLOTFILL_CORE=must /opt/slotfill/bin/pip install --no-cache-dir ".[serve]"

FROM python:3.13-slim
COPY --from=build /opt/slotfill /opt/slotfill
# one BLAS thread: two were slower; nothing is written, so that the file system may be read-only
ENV PATH=/opt/slotfill/bin:$PATH OPENBLAS_NUM_THREADS=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /srv
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=3s --start-period=10s \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/health', timeout=2)"]
ENTRYPOINT ["slotfill"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]
