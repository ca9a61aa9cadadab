curl --fail-with-body "$DBBACKUP_TAURUSDB_URL/v3/$DBBACKUP_PROJECT_ID/backups/create" \
    --header 'Content-Type: application/json' --header 'X-Auth-Token: emulated-token' \
    --data '{"instance_id": "07033b125fd94a8a96896f8bcfee6ddain07", "name": "before-migration"}'
