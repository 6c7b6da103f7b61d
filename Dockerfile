# One image for every service of docker-compose.yml; what a container does is its command.
FROM node:22-slim AS bundle
WORKDIR /build/frontend
COPY frontend/package.json frontend/package-lock.json frontend/.npmrc ./
RUN npm ci --no-audit --no-fund
COPY frontend/ ./
RUN npm run build -- --outDir /bundle --emptyOutDir

FROM python:3.11-slim
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DATA_DIR=/data
WORKDIR /srv/interlock
COPY requirements/base.txt requirements/base.txt
RUN pip install --no-cache-dir --require-hashes --no-deps --only-binary :all: -r requirements/base.txt
COPY . .
COPY --from=bundle /bundle static/app
# Collected with settings that reach nothing: no key and no address ends up in the image.
RUN DATA_DIR=/srv/interlock/var SECRET_KEY=only-while-building-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx \
    DATABASE_URL_APP=postgresql://nobody@nowhere/interlock PUBLIC_URL=https://nowhere \
    DJANGO_SETTINGS_MODULE=config.settings.production \
    python manage.py collectstatic --no-input \
    && useradd --system --uid 10001 interlock \
    && install -d -o interlock /data \
    && ln -s /srv/interlock/var/static /data/static
USER interlock
EXPOSE 8400
