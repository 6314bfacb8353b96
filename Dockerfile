# Pin the image by its digest where you build.
FROM python:3.11-slim AS build
WORKDIR /app
COPY requirements/runtime.txt requirements/
RUN python -m venv /venv && \
    /venv/bin/pip install --no-cache-dir --only-binary :all: --require-hashes -r requirements/runtime.txt

FROM python:3.11-slim
RUN useradd --system --uid 10001 --home-dir /app bot && mkdir -p /app/data && chown bot /app/data
COPY --from=build /venv /venv
WORKDIR /app
COPY alembic.ini ./
COPY alembic alembic
COPY bot bot
USER bot
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
VOLUME /app/data
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=6s --start-period=60s CMD \
    ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8080/healthz', timeout=5)"]
ENTRYPOINT ["python", "-m", "bot"]
CMD ["run"]
