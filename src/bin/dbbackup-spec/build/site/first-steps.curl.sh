curl --fail-with-body http://127.0.0.1:8700/v3/0483b6b16e954cb88930a360d2c4e663/backups \
    --header 'Content-Type: application/json' --header 'X-Auth-Token: emulated-token' \
    --data '{"instance_id": "d8e6ca5a624745bcb546a227aa3ae1cfin01", "name": "before-migration"}'
