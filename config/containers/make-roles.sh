#!/bin/sh
# Runs once, when the postgres service makes its data directory: the owner, the three sign-ins of
# the product, and their database. None is a superuser, so row-level security holds for all of them.
set -eu
psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
  -v owner="$OWNER_PASSWORD" -v app="$APP_PASSWORD" \
  -v engine="$ENGINE_PASSWORD" -v audit="$AUDIT_PASSWORD" <<'SQL'
CREATE ROLE interlock_owner LOGIN NOSUPERUSER NOBYPASSRLS CREATEROLE PASSWORD :'owner';
CREATE ROLE interlock_app LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD :'app';
CREATE ROLE interlock_engine LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD :'engine';
CREATE ROLE interlock_audit LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD :'audit';
CREATE DATABASE interlock OWNER interlock_owner;
SQL
