import type { Role } from '../../access/roles.js';
import type { Page } from '../../common/pages.js';
import type { AccountStatus, UserAccount, UserGrant } from '../account.entity.js';

/** An account without its secrets. */
export class UserView {
  id: string;
  username: string;
  displayName: string;
  officerId: string | null;
  /** Who they are at the provider of OpenID Connect; null: they do not sign in there. */
  oidcSubject: string | null;
  status: AccountStatus;
  createdAt: string;
  /** Until when the owner can choose their password with the one-time one; null once they have. */
  firstPasswordUntil: string | null;
  /** Send it as If-Match with a change. It rises with each grant, too. */
  version: number;

  static of(account: UserAccount): UserView {
    const { id, username, displayName, officerId, oidcSubject, status, version } = account;
    return Object.assign(new UserView(), {
      id,
      username,
      displayName,
      officerId,
      oidcSubject,
      status,
      createdAt: account.createdAt.toISOString(),
      firstPasswordUntil: account.firstPasswordUntil?.toISOString() ?? null,
      version,
    });
  }
}

/** An account with the password that its owner chooses their own with: POST /auth/login/own-password. */
export class FirstPasswordView extends UserView {
  /** The only time that it is shown. Absent in the answer to a repeat of the request: reset it then. */
  firstPassword?: string;

  static with(user: UserView, firstPassword: string | undefined): FirstPasswordView {
    return Object.assign(new FirstPasswordView(), user, firstPassword === undefined ? {} : { firstPassword });
  }
}

export class GrantView {
  id: string;
  userId: string;
  role: Role;
  organId: string;
  /** The first day. */
  validFrom: string;
  /** The last day; null while it has none. */
  validTo: string | null;
  /** The user who granted it, and why. */
  grantedBy: string;
  reason: string;
  createdAt: string;
  /** Null unless it was revoked. */
  revokedAt: string | null;

  static of(grant: UserGrant): GrantView {
    const { id, userId, role, organId, validFrom, validTo, grantedBy, reason, createdAt, revokedAt } = grant;
    return Object.assign(new GrantView(), {
      id,
      userId,
      role,
      organId,
      validFrom,
      validTo,
      grantedBy,
      reason,
      createdAt: createdAt.toISOString(),
      revokedAt: revokedAt?.toISOString() ?? null,
    });
  }
}

export class ChangedGrantView extends GrantView {
  /** The account's version now: the one to send as If-Match with the next change. */
  userVersion: number;

  static after(grant: UserGrant, account: UserAccount): ChangedGrantView {
    return Object.assign(new ChangedGrantView(), GrantView.of(grant), { userVersion: account.version });
  }
}

export class UserWithGrantsView extends UserView {
  /** All of them, past and present, the last one first. */
  grants: GrantView[];

  static with(account: UserAccount, grants: readonly UserGrant[]): UserWithGrantsView {
    return Object.assign(new UserWithGrantsView(), UserView.of(account), {
      grants: grants.map((grant) => GrantView.of(grant)),
    });
  }
}

/** A role with the organ that it holds in, and in those under it. */
export class HeldRoleView {
  role: Role;
  organId: string;
}

/** An account in the list. */
export class ListedUserView extends UserView {
  /** What it holds today, the grant that came first at the beginning. A disabled account keeps its grants. */
  roles: HeldRoleView[];

  static with(account: UserAccount, inForce: readonly UserGrant[] = []): ListedUserView {
    return Object.assign(new ListedUserView(), UserView.of(account), {
      roles: inForce.map(({ role, organId }) => Object.assign(new HeldRoleView(), { role, organId })),
    });
  }
}

export class UserPage implements Page<ListedUserView> {
  items: ListedUserView[];
  /** Pass it as `cursor` for the next page; null at the end. */
  nextCursor: string | null;
  total?: number;
}
