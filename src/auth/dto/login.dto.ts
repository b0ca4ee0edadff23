import { IsString, MaxLength, MinLength } from 'class-validator';
import { Role } from '../../access/roles.js';
import { NoticeView } from './factor-reset.view.js';

export class LoginDto {
  @IsString()
  @MinLength(1)
  @MaxLength(64)
  username: string;

  @IsString()
  @MinLength(1)
  @MaxLength(200)
  password: string;
}

export class GrantInForceView {
  role: Role;
  organId: string;
}

export class CurrentUserView {
  id: string;
  username: string;
  displayName: string;
  officerId: string | null;
  /** The grants in force today. */
  grants: GrantInForceView[];
}

export class SessionView {
  /** Send it as `Authorization: Bearer <accessToken>`. Absent when the session is in a cookie. */
  accessToken?: string;
  /** Of a session in a cookie: send it as X-CSRF-Token with every write. */
  csrfToken?: string;
  /** Seconds until the session ends at the latest; without a request it ends after 15 minutes. */
  expiresIn: number;
  user: CurrentUserView;
  /** What the user has to be told, if there is anything. */
  notices?: NoticeView[];
}

/** The session that asks, by the limits that end it. */
export class SessionTimesView {
  createdAt: string;
  /** To the minute. */
  lastSeenAt: string;
  /** When it ends unless it is used before. */
  idleEndsAt: string;
  /** When it ends at the latest. */
  expiresAt: string;
  steppedUpAt: string | null;
  /** A second factor is wanted here and the session was opened without one: it opens only what everybody may. */
  secondFactorWanted: boolean;
}

/** By which ways one can sign in here. */
export class SignInWaysView {
  /** At a provider of OpenID Connect: GET /auth/oidc. */
  oidc: boolean;
}

export class MeView {
  user: CurrentUserView;
  session: SessionTimesView;
  /** The grants in force today. */
  grants: GrantInForceView[];
  /** The rules by which a client shows or hides; the server decides anew at each request. */
  rules: object[];
  /** What the user has to be told. */
  notices: NoticeView[];
  /** Of a session in a cookie: send it as X-CSRF-Token with every write. */
  csrfToken?: string;
}
