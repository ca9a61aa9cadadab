cargo install --locked --path . --features cli
dbbackup emulate --listen 127.0.0.1:8700 > emulator.env &
until [ -s emulator.env ]; do sleep 1; done
. ./emulator.env   # sets where it is, and credentials for it
dbbackup create --service rds-v3 --instance rds-d8e6 --name before-migration --wait
dbbackup list --service rds-v3
