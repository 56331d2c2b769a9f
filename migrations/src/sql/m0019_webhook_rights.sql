-- A partner sees and changes its own webhooks: `app.partner` names it for one transaction. Who
-- calls the endpoints of all of them says so with `app.sender`. A province, and whoever reads what
-- is public, has neither.
GRANT SELECT, INSERT, UPDATE, DELETE ON webhook, webhook_delivery TO caunoi_app;
CREATE POLICY own ON webhook TO caunoi_app
    USING (owner = (SELECT nullif(current_setting('app.partner', true), '')));
CREATE POLICY sender ON webhook TO caunoi_app
    USING ((SELECT current_setting('app.sender', true)) = 'on');
CREATE POLICY owner ON webhook TO CURRENT_USER USING (true);
-- Deliveries go with their webhook, which is seen by the policies above.
CREATE POLICY own ON webhook_delivery TO caunoi_app
    USING (EXISTS (SELECT FROM webhook WHERE webhook.id = webhook_delivery.webhook_id));
CREATE POLICY owner ON webhook_delivery TO CURRENT_USER USING (true);
ALTER TABLE webhook ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE webhook_delivery ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
