import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The search for precedents is told where each word stands, so that two words of one phrase, which go together in most
 * requests, do not count as two; and what each word weighs, so that the database puts the most alike first.
 */
export class PrecedentsByPhrase1764000000037 implements MigrationInterface {
  name = 'PrecedentsByPhrase1764000000037';

  async up(q: QueryRunner): Promise<void> {
    await q.query('SET LOCAL ROLE plumbline_owner');
    await q.query(`
      DROP FUNCTION app.asked_words;
      -- The words of what is asked, with the number of requests that have them, and the number of all; with the place of
      -- each in the prose, English by the word and Chinese by the character.
      CREATE FUNCTION app.asked_words(p_text text, p_type text, p_activity text, p_tasks text[], p_np_codes text[])
      RETURNS TABLE (word text, requests int, at int) STABLE ROWS 40 LANGUAGE sql SECURITY DEFINER
      SET search_path = pg_catalog, pg_temp AS $$
        SELECT a.word, coalesce(w.requests, 1), coalesce(e.positions[1]::int, nullif(strpos(p_text, a.word), 0))
        FROM unnest(tsvector_to_array(
            app.words_of_request(p_text, p_type, p_activity, p_tasks, p_np_codes)) || ARRAY['']) a (word)
          LEFT JOIN app.precedent_word w ON w.word = a.word
          LEFT JOIN unnest(to_tsvector('english', p_text)) e ON e.lexeme = a.word
      $$;
      DROP FUNCTION app.requests_like;
      -- The requests that are most like it, with the words of p_words that each has and what these weigh together: those
      -- with a rare word, and of those with two less rare ones the newest, of each a few hundred at the most. Of these
      -- organs only: what others asked for must not push one's own out.
      CREATE FUNCTION app.requests_like(p_rare tsquery, p_pairs tsquery, p_words text[], p_weights float8[], p_organs uuid[],
        p_most int)
      RETURNS TABLE (deployment_id uuid, shared text[], weight float8) STABLE ROWS 30 LANGUAGE sql SECURITY DEFINER
      SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
        SELECT most.deployment_id, has.shared, has.weight
        FROM (
          SELECT found.deployment_id, found.words
          FROM (
            (SELECT p.deployment_id, p.words FROM app.precedent p WHERE p.words @@ p_rare AND p.organ_id = ANY(p_organs)
              LIMIT 400)
            UNION ALL
            SELECT newest.* FROM (
              SELECT p.deployment_id, p.words FROM app.precedent p WHERE p.words @@ p_pairs AND p.organ_id = ANY(p_organs)
              ORDER BY p.deployment_id DESC LIMIT 200) newest
            WHERE newest.words @@ p_rare IS NOT TRUE
          ) found
          ORDER BY ts_rank(found.words, p_rare || p_pairs) DESC, found.deployment_id DESC LIMIT p_most
        ) most CROSS JOIN LATERAL (
          SELECT coalesce(array_agg(asked.word), '{}') AS shared, coalesce(sum(asked.weight), 0) AS weight
          FROM (SELECT tsvector_to_array(most.words) AS words OFFSET 0) theirs,
            unnest(p_words, p_weights) asked (word, weight) WHERE asked.word = ANY(theirs.words)
        ) has
      $$;
      -- Planned once a connection: planning for the very words takes as long as looking them up.
      ALTER FUNCTION app.refusals_like SET plan_cache_mode = force_generic_plan;
      REVOKE ALL ON FUNCTION app.asked_words, app.requests_like FROM PUBLIC;
      GRANT EXECUTE ON FUNCTION app.asked_words, app.requests_like TO plumbline_app`);
    await q.query('RESET ROLE');
  }

  down(): Promise<void> {
    throw new Error(
      'Precedents are found by what the application asks; a version without this is an older database',
    );
  }
}
