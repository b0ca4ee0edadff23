import type { NextFunction, Request, Response } from 'express';

/** The page of the console that ends a sign-in at the provider. */
export const SIGN_IN_PAGE = '/sign-in';

/**
 * The provider sends the browser back by a navigation, and a navigation cannot ask for the session in a cookie. So it is
 * led to the page, which asks the same route with the same query. Nothing was taken yet: the code counts once, with the
 * journey that the browser keeps.
 */
export function backToConsole(request: Request, response: Response, next: NextFunction): void {
  if (request.get('sec-fetch-mode') !== 'navigate') return next();
  const { search } = new URL(request.originalUrl, 'http://localhost');
  response.redirect(303, `${SIGN_IN_PAGE}${search}`);
}
