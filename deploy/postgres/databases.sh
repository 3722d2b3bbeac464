#!/bin/sh
# Make one database and one user for each service; run once by the PostgreSQL image when its volume is empty.
set -eu
for service in availability booking patient notification staff; do
  psql -v ON_ERROR_STOP=1 -v service="$service" --username "$POSTGRES_USER" --dbname postgres <<'SQL'
\getenv password SERVICE_DATABASE_PASSWORD
CREATE USER :"service" PASSWORD :'password';
CREATE DATABASE :"service" OWNER :"service";
SQL
  psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$service" \
    -c "CREATE EXTENSION IF NOT EXISTS btree_gist" -c "CREATE EXTENSION IF NOT EXISTS pg_trgm"
done
