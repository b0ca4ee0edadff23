import type { Request, Response } from 'express';
import { languageIn, type Language } from '../common/words.js';

/** In which language the caller wants to be answered. */
export const languageAsked = (request: Request): Language => languageIn(request.get('accept-language'));

/** Says in which language the answer is, and that another one can be asked for. */
export function sayLanguage(request: Request, response: Response): Language {
  const language = languageAsked(request);
  response.setHeader('Content-Language', language);
  response.vary('Accept-Language');
  return language;
}
