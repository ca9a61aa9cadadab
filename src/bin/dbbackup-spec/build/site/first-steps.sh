cargo install --locked --path . --features cli
dbbackup emulate --listen 127.0.0.1:8700   # a local stand-in for all services
dbbackup create --service rds-v3 --instance orders --name before-migration --wait
