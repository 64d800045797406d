CREATE TABLE payment_part (id INTEGER NOT NULL PRIMARY KEY, payment_id INTEGER NOT NULL, n INTEGER NOT NULL CHECK (n > 0), account INTEGER NOT NULL, booking INTEGER NOT NULL, arrival INTEGER, amount INTEGER NOT NULL CHECK (amount > 0), paid INTEGER NOT NULL CHECK (paid > 0), currency TEXT NOT NULL CHECK (length(currency) = 3), rate TEXT NOT NULL, FOREIGN KEY (payment_id) REFERENCES order_payment (id) ON DELETE RESTRICT, CHECK ((arrival IS NULL) = (rate = '')), FOREIGN KEY (account) REFERENCES account (id), FOREIGN KEY (booking) REFERENCES booking (id), FOREIGN KEY (arrival) REFERENCES booking (id)) STRICT
;
CREATE UNIQUE INDEX payment_part_booking ON payment_part (booking)
;
CREATE UNIQUE INDEX payment_part_arrival ON payment_part (arrival)
;
CREATE UNIQUE INDEX payment_part_payment_id_n ON payment_part (payment_id, n)
;
CREATE TABLE wallet_setting (id INTEGER NOT NULL PRIMARY KEY, person_id INTEGER NOT NULL, total_currency TEXT NOT NULL CHECK (length(total_currency) = 3), FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE RESTRICT) STRICT
;
CREATE UNIQUE INDEX wallet_setting_person_id ON wallet_setting (person_id)
;
CREATE TRIGGER payment_part_no_update BEFORE UPDATE ON payment_part BEGIN SELECT RAISE(ABORT, 'payment_part is immutable'); END
;
CREATE TRIGGER payment_part_no_delete BEFORE DELETE ON payment_part BEGIN SELECT RAISE(ABORT, 'payment_part is immutable'); END
;
CREATE TRIGGER wallet_setting_no_update BEFORE UPDATE OF id, person_id ON wallet_setting BEGIN SELECT RAISE(ABORT, 'wallet_setting is immutable'); END
;
CREATE TRIGGER wallet_setting_no_delete BEFORE DELETE ON wallet_setting BEGIN SELECT RAISE(ABORT, 'wallet_setting is immutable'); END
