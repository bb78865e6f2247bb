FROM python:3.13-slim AS packages
COPY requirements/run.txt /tmp/run.txt
RUN python -m venv /opt/venv \
 && /opt/venv/bin/python -m pip install --no-cache-dir --disable-pip-version-check \
      --require-hashes --no-deps --only-binary :all: -r /tmp/run.txt

FROM python:3.13-slim
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin mtqg \
 && install -d -o mtqg -g mtqg /data
COPY --from=packages /opt/venv /opt/venv
COPY alembic.ini /srv/
COPY alembic /srv/alembic
COPY app /srv/app
RUN /opt/venv/bin/python -m compileall -q /srv/app
WORKDIR /srv
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    MTQG_DATABASE_URL=sqlite:////data/so-mtqg.db \
    MTQG_DATA_DIR=/data/files
USER mtqg
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
  CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]
# The catalogue (reference) is part of what the program is; the demonstration is not and stays out.
CMD ["sh", "-c", "python -m app migrate && python -m app load reference && exec python -m app serve --host 0.0.0.0 --port 8000"]
