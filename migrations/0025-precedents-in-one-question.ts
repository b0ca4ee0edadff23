import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The search for precedents tells at once which words are shared: one question instead of two. */
export class PrecedentsInOneQuestion1764000000025 implements MigrationInterface {
  name = 'PrecedentsInOneQuestion1764000000025';

  async up(q: QueryRunner): Promise<void> {
    await q.query('SET LOCAL ROLE plumbline_owner');
    await q.query(`
      DROP FUNCTION app.shared_words;
      DROP FUNCTION app.requests_like;
      -- The requests that are most like it, with the words of p_words that each has: those with a rare word, and of those
      -- with two less rare ones the newest, of each a few hundred at the most. Of these organs only: what others asked
      -- for must not push one's own out.
      CREATE FUNCTION app.requests_like(p_rare tsquery, p_pairs tsquery, p_words text[], p_organs uuid[], p_most int)
      RETURNS TABLE (deployment_id uuid, shared text[]) STABLE LANGUAGE sql SECURITY DEFINER
      SET search_path = pg_catalog, pg_temp AS $$
        SELECT most.deployment_id,
          ARRAY(SELECT word FROM unnest(tsvector_to_array(most.words)) word WHERE word = ANY(p_words))
        FROM (
          SELECT found.deployment_id, found.words, ts_rank(found.words, p_rare || p_pairs) AS rank
          FROM (
            (SELECT p.deployment_id, p.words FROM app.precedent p WHERE p.words @@ p_rare AND p.organ_id = ANY(p_organs)
              LIMIT 400)
            UNION
            (SELECT p.deployment_id, p.words FROM app.precedent p WHERE p.words @@ p_pairs AND p.organ_id = ANY(p_organs)
              ORDER BY p.deployment_id DESC LIMIT 200)
          ) found
          ORDER BY rank DESC, found.deployment_id DESC LIMIT p_most
        ) most
        ORDER BY most.rank DESC, most.deployment_id DESC
      $$;
      REVOKE ALL ON FUNCTION app.requests_like FROM PUBLIC;
      GRANT EXECUTE ON FUNCTION app.requests_like TO plumbline_app`);
    await q.query('RESET ROLE');
  }

  down(): Promise<void> {
    throw new Error(
      'Precedents are found by what the application asks; a version without this is an older database',
    );
  }
}
