# One image for web, timetable, worker and migrations; see compose.yaml and docs/operations.md.
FROM python:3.11.13-slim-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends nodejs npm && rm -rf /var/lib/apt/lists/*
WORKDIR /opt/chengxin
COPY package.json package-lock.json requirements.lock ./
RUN python -m venv .venv && .venv/bin/pip install --no-cache-dir --require-hashes -r requirements.lock \
    && npm ci --ignore-scripts
COPY . .
RUN .venv/bin/python web/vendor.py && .venv/bin/pip install --no-cache-dir --no-deps --no-build-isolation -e . \
    && rm -r node_modules

FROM python:3.11.13-slim-bookworm
RUN useradd --system --create-home --uid 10001 chengxin && install -d -o chengxin -g chengxin -m 700 \
    /data /data/evidence /data/imports /data/library
COPY --from=build /opt/chengxin /opt/chengxin
WORKDIR /opt/chengxin
ENV PATH=/opt/chengxin/.venv/bin:$PATH PYTHONUNBUFFERED=1 DATA_DIR=/data HOST=0.0.0.0 PORT=8000
USER chengxin
ENTRYPOINT ["chengxin"]
CMD ["serve"]
