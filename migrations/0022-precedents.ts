import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * An index of the words of requests for police, from which precedents are found. It is made of the requests by a
 * trigger and is no record. Nobody but its owner reads it: who searches gets ids, and what is behind them passes the
 * permissions of the requests themselves.
 */
export class Precedents1764000000022 implements MigrationInterface {
  name = 'Precedents1764000000022';

  async up(q: QueryRunner): Promise<void> {
    await q.query('SET LOCAL ROLE plumbline_owner');
    await q.query(`
      -- English by its stems, without the words that say nothing; Chinese, which writes no spaces, by pairs of characters,
      -- since most of its words have two. Where a word stands is of no use here.
      CREATE FUNCTION app.words_of(p_text text) RETURNS tsvector IMMUTABLE PARALLEL SAFE LANGUAGE sql
      SET search_path = pg_catalog, pg_temp AS $$
        SELECT strip(to_tsvector('english', regexp_replace(p_text, '[\\u3400-\\u9fff]+', ' ', 'g')))
          || coalesce((SELECT array_to_tsvector(array_agg(DISTINCT substr(run[1], at, 2)))
               FROM regexp_matches(p_text, '([\\u3400-\\u9fff]{2,})', 'g') run, generate_series(1, length(run[1]) - 1) at), '')
      $$;
      -- What is coded are words too; a colon in them keeps them apart from those of the prose.
      CREATE FUNCTION app.words_of_request(p_text text, p_type text, p_activity text, p_tasks text[], p_np_codes text[])
      RETURNS tsvector IMMUTABLE PARALLEL SAFE LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
        SELECT app.words_of(p_text) || array_to_tsvector(ARRAY(
          SELECT DISTINCT word FROM unnest(ARRAY['type:' || p_type] || ('activity:' || p_activity)
            || ARRAY(SELECT 'task:' || code FROM unnest(p_tasks) code)
            || ARRAY(SELECT 'np:' || code FROM unnest(p_np_codes) code)) word WHERE word IS NOT NULL))
      $$;
      CREATE TABLE app.precedent (
        deployment_id uuid PRIMARY KEY REFERENCES app.deployment ON DELETE CASCADE,
        organ_id uuid NOT NULL,
        words tsvector NOT NULL,
        -- Of a request that was refused: when.
        refused_at timestamptz
      );
      CREATE INDEX precedent_words ON app.precedent USING gin (words);
      CREATE INDEX precedent_refused ON app.precedent (refused_at) WHERE refused_at IS NOT NULL;
      -- In how many requests each word is, counted once in a while. The word that is none has the number of all.
      CREATE TABLE app.precedent_word (word text PRIMARY KEY, requests int NOT NULL);
      INSERT INTO app.precedent_word VALUES ('', 0);

      -- Of requests on which somebody decided.
      CREATE FUNCTION app.keep_precedent() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
      SET search_path = pg_catalog, pg_temp AS $$
      BEGIN
        IF NEW.status NOT IN ('APPROVED', 'STAND_BY', 'REFUSED', 'UNDER_REVIEW', 'REFUSED_FINALLY') THEN
          DELETE FROM app.precedent WHERE deployment_id = NEW.id;
          RETURN NULL;
        END IF;
        INSERT INTO app.precedent VALUES (NEW.id, NEW.organ_id,
          app.words_of_request(concat_ws(E'\\n', NEW.purpose, NEW.task_texts, NEW.place), NEW.requester_type, NEW.activity_type,
            ARRAY(SELECT task->>'code' FROM jsonb_array_elements(NEW.tasks) task), NEW.np_codes),
          CASE WHEN NEW.status IN ('REFUSED', 'UNDER_REVIEW', 'REFUSED_FINALLY') THEN NEW.decided_at END)
        ON CONFLICT (deployment_id) DO UPDATE SET refused_at = excluded.refused_at;
        RETURN NULL;
      END $$;
      CREATE TRIGGER precedent AFTER INSERT OR UPDATE OF status, decided_at ON app.deployment
        FOR EACH ROW EXECUTE FUNCTION app.keep_precedent();

      CREATE FUNCTION app.count_precedent_words() RETURNS void LANGUAGE plpgsql SECURITY DEFINER
      SET search_path = pg_catalog, pg_temp AS $$
      BEGIN
        DELETE FROM app.precedent_word;
        -- One that stands in a single request is as good as unknown.
        INSERT INTO app.precedent_word SELECT word, ndoc FROM ts_stat('SELECT words FROM app.precedent') WHERE ndoc > 1;
        INSERT INTO app.precedent_word SELECT '', count(*) FROM app.precedent;
      END $$;
      -- The words of what is asked, with the number of requests that have them, and the number of all.
      CREATE FUNCTION app.asked_words(p_text text, p_type text, p_activity text, p_tasks text[], p_np_codes text[])
      RETURNS TABLE (word text, requests int) STABLE LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        SELECT a.word, coalesce(w.requests, 1) FROM unnest(tsvector_to_array(
            app.words_of_request(p_text, p_type, p_activity, p_tasks, p_np_codes)) || ARRAY['']) a (word)
          LEFT JOIN app.precedent_word w ON w.word = a.word
      $$;
      -- The requests that are most like it: those with a rare word, and of those with two less rare ones the newest, of
      -- each a few hundred at the most. Of these organs only: what others asked for must not push one's own out.
      CREATE FUNCTION app.requests_like(p_rare tsquery, p_pairs tsquery, p_organs uuid[], p_most int) RETURNS TABLE (deployment_id uuid)
      STABLE LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        SELECT found.deployment_id
        FROM (
          (SELECT p.deployment_id, p.words FROM app.precedent p WHERE p.words @@ p_rare AND p.organ_id = ANY(p_organs)
            LIMIT 400)
          UNION
          (SELECT p.deployment_id, p.words FROM app.precedent p WHERE p.words @@ p_pairs AND p.organ_id = ANY(p_organs)
            ORDER BY p.deployment_id DESC LIMIT 200)
        ) found
        ORDER BY ts_rank(found.words, p_rare || p_pairs) DESC, found.deployment_id DESC LIMIT p_most
      $$;
      -- Which of these words a request has.
      CREATE FUNCTION app.shared_words(p_ids uuid[], p_words text[]) RETURNS TABLE (deployment_id uuid, shared text[])
      STABLE LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        SELECT p.deployment_id, ARRAY(SELECT unnest(tsvector_to_array(p.words)) INTERSECT SELECT unnest(p_words))
        FROM app.precedent p WHERE p.deployment_id = ANY(p_ids)
      $$;
      -- Refusals of late, whoever may read them: that something was refused elsewhere must not stay hidden from whoever
      -- decides on it again. They learn its number and no more.
      CREATE FUNCTION app.refusals_like(p_since timestamptz, p_query tsquery, p_words text[], p_requester text, p_askers uuid[],
        p_except uuid)
      RETURNS TABLE (reference text, same_requester boolean, shared text[]) STABLE LANGUAGE sql SECURITY DEFINER
      SET search_path = pg_catalog, pg_temp AS $$
        SELECT d.reference, d.requester_name = p_requester OR d.askers && p_askers,
          ARRAY(SELECT unnest(tsvector_to_array(p.words)) INTERSECT SELECT unnest(p_words))
        FROM app.precedent p JOIN app.deployment d ON d.id = p.deployment_id
        WHERE p.refused_at >= p_since AND p.words @@ p_query AND d.id IS DISTINCT FROM p_except
        ORDER BY ts_rank(p.words, p_query) DESC LIMIT 50
      $$;
      INSERT INTO app.precedent SELECT id, organ_id,
          app.words_of_request(concat_ws(E'\\n', purpose, task_texts, place), requester_type, activity_type,
            ARRAY(SELECT task->>'code' FROM jsonb_array_elements(tasks) task), np_codes),
          CASE WHEN status IN ('REFUSED', 'UNDER_REVIEW', 'REFUSED_FINALLY') THEN decided_at END
        FROM app.deployment WHERE status IN ('APPROVED', 'STAND_BY', 'REFUSED', 'UNDER_REVIEW', 'REFUSED_FINALLY');
      SELECT app.count_precedent_words();
      REVOKE ALL ON FUNCTION app.count_precedent_words, app.asked_words, app.requests_like, app.shared_words, app.refusals_like,
        app.keep_precedent
        FROM PUBLIC;
      GRANT EXECUTE ON FUNCTION app.count_precedent_words TO plumbline_worker;
      GRANT EXECUTE ON FUNCTION app.asked_words, app.requests_like, app.shared_words, app.refusals_like TO plumbline_app`);
    await q.query('RESET ROLE');
  }

  down(): Promise<void> {
    throw new Error(
      'Precedents are found by what the application asks; a version without them is an older database',
    );
  }
}
