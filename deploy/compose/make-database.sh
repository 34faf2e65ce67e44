#!/bin/sh
# Makes Farandole's database and its owner, who isn't a superuser. PostgreSQL's image runs this once.
set -eu
psql --set=password="$(cat /run/secrets/database)" --username=postgres <<'SQL'
create role farandole login password :'password';
create database farandole owner farandole;
SQL
