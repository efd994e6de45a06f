# Assets are built in one stage, Python packages in another; the last one holds neither compiler
# nor Node, and runs as a user without rights.
FROM node:20-bookworm-slim AS assets
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --no-audit --no-fund
COPY portal/ui/build.mjs portal/ui/build.mjs
COPY static static
RUN npm run build

FROM python:3.12-slim-bookworm AS packages
WORKDIR /app
COPY requirements.lock ./
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements.lock

FROM python:3.12-slim-bookworm
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=portal.settings.production \
    BIND=0.0.0.0:8000 \
    WEB_CONCURRENCY=4
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --create-home tilgang
WORKDIR /app
COPY --from=packages /venv /venv
COPY manage.py ./
COPY portal portal
COPY institutions institutions
COPY catalogue catalogue
COPY applications applications
COPY decisions decisions
COPY locale locale
COPY static static
COPY templates templates
COPY --from=assets /app/node_modules/@ibm node_modules/@ibm
COPY --from=assets /app/static/build static/build
RUN DJANGO_SETTINGS_MODULE=portal.settings.build python manage.py translations --compile \
    && DJANGO_SETTINGS_MODULE=portal.settings.build python manage.py collectstatic --noinput \
    && mkdir -p /app/var && chown 10001 /app/var
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health/live', timeout=4)"]
CMD ["gunicorn", "-c", "python:portal.gunicorn"]
