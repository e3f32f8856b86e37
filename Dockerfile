# syntax=docker/dockerfile:1
FROM python:3.11-slim AS wheel
WORKDIR /src
COPY tests/constraints.txt tests/
RUN pip install --no-cache-dir --require-hashes -r tests/constraints.txt
COPY . .
RUN python -m build --wheel --no-isolation

FROM python:3.11-slim AS packages
COPY constraints.txt .
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r constraints.txt
COPY --from=wheel /src/dist /dist
RUN /venv/bin/pip install --no-cache-dir --no-deps /dist/*.whl

FROM python:3.11-slim
RUN useradd --system --uid 10001 --home-dir /var/lib/rasid --create-home rasid
COPY --from=packages /venv /venv
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1
USER rasid
WORKDIR /var/lib/rasid
VOLUME /var/lib/rasid
STOPSIGNAL SIGTERM
ENTRYPOINT ["rasid"]
CMD ["service"]
