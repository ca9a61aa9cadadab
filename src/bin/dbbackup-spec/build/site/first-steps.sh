cargo install dbbackup --features cli
dbbackup emulate --listen 127.0.0.1:8700   # a local stand-in for all services
