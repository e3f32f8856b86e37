# syntax=docker/dockerfile:1
FROM python:3.11-slim AS wheel
WORKDIR /src
COPY tests/constraints.txt tests/
RUN pip install --no-cache-dir --require-hashes -r tests/constraints.txt
COPY . .
RUN python -m build --wheel --no-isolation

# With what `rasid worker` needs: constraints.txt has the extra "scale".
FROM python:3.11-slim AS packages
COPY constraints.txt .
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r constraints.txt
COPY --from=wheel /src/dist /dist
RUN /venv/bin/pip install --no-cache-dir --no-deps /dist/*.whl && /venv/bin/python -m compileall -q /venv

FROM python:3.11-slim
LABEL org.opencontainers.image.title="Rasid" \
      org.opencontainers.image.description="Watches the press for a topic and mails a weekly digest" \
      org.opencontainers.image.licenses="Apache-2.0"
RUN apt-get update \
    && apt-get install --yes --no-install-recommends tini \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --system --gid 10001 rasid \
    && useradd --system --uid 10001 --gid 10001 --home-dir /var/lib/rasid --create-home rasid
COPY --from=packages /venv /venv
# The pages answer in the container whatever rasid.toml says of them; who may reach them is said outside it.
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    RASID_WEB__HOST=0.0.0.0 \
    RASID_WEB__PORT=8000 \
    RASID_LOG__FORMAT=json
USER 10001:10001
WORKDIR /var/lib/rasid
VOLUME /var/lib/rasid
EXPOSE 8000
STOPSIGNAL SIGTERM
# A worker shows no pages: run it with --no-healthcheck.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as u; u.urlopen(f'http://127.0.0.1:{os.environ[\"RASID_WEB__PORT\"]}/healthz', timeout=4)"]
# The first process passes signals on and buries children that were left behind.
ENTRYPOINT ["tini", "--", "rasid"]
CMD ["service"]
