-- Localities that a province misses and asks the ministry for. Its log has each step; the row holds
-- what stands.
CREATE TABLE locality_proposal (
    province_id SMALLINT NOT NULL CONSTRAINT locality_proposal_province_id_fkey REFERENCES province_head (province_id),
    number INTEGER NOT NULL,
    state TEXT NOT NULL CONSTRAINT locality_proposal_state_check CHECK (state IN ('OPEN', 'ACCEPTED', 'DECLINED')),
    proposed_at_us BIGINT NOT NULL,
    content TEXT NOT NULL,
    CONSTRAINT locality_proposal_key PRIMARY KEY (province_id, number)
);
CREATE INDEX locality_proposal_state_idx ON locality_proposal (state, proposed_at_us, province_id, number);
