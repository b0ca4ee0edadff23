import { Controller, Get, Module } from '@nestjs/common';
import { APP_INTERCEPTOR, DiscoveryModule } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import request from 'supertest';
import { abilityFor } from '../src/access/abilities.js';
import type { Actor } from '../src/access/actor.js';
import { authorize } from '../src/access/authorize.js';
import { permissionsDocument } from '../src/access/permissions-document.js';
import { policy } from '../src/access/policy.js';
import { RecordsSearch } from '../src/audit/recorded-reads.js';
import { CurrentActor, Public } from '../src/http/current-actor.js';
import { Needs, RouteRules } from '../src/http/needs.js';
import { anActor } from './support/actors.js';

const auditor = anActor({ grants: [{ role: 'AUDITOR', organId: 'o', organIds: ['o'] }] });

@Controller()
class Ruled {
  @Get('open')
  @Public()
  open(): string {
    return 'open';
  }

  @Get('everybody')
  @Needs('read', 'Organ')
  everybody(): string {
    return 'organs';
  }

  @Get('asks')
  @Needs('read', 'Trail')
  asks(@CurrentActor() actor: Actor): string {
    authorize(abilityFor(actor), 'read', 'Trail', { id: 'trail' });
    return 'trail';
  }

  @Get('forgets')
  @Needs('read', 'Trail')
  forgets(): string {
    return 'the secret trail';
  }

  @Get('asks-another')
  @Needs('read', 'Trail')
  asksAnother(@CurrentActor() actor: Actor): string {
    authorize(abilityFor(actor), 'create', 'Export', { createdBy: 'u', kind: 'CASE_CSV' });
    return 'the secret trail';
  }
}

@Controller()
class Unruled {
  @Get('nothing')
  nothing(): string {
    return 'x';
  }
}

@Controller()
class NobodysRule {
  @Get('nobody')
  @Needs('create' as never, 'Session')
  nobody(): string {
    return 'x';
  }
}

@Controller()
class Untold {
  /** Sensitive by the policy, and says nothing to the trail. */
  @Get('untold')
  @Needs('read', 'Case')
  untold(): string {
    return 'x';
  }
}

@Controller()
class Overtold {
  /** Tells the trail what the policy does not ask for. */
  @Get('overtold')
  @Needs('read', 'Organ')
  @RecordsSearch('organs')
  overtold(): string {
    return 'x';
  }
}

@Controller()
class Mixed {
  /** A fresh proof for the one and none for the other: which? */
  @Get('mixed')
  @Needs(['export', 'name-witness'], 'Case')
  mixed(): string {
    return 'x';
  }
}

const started = async (...controllers: (new () => object)[]) => {
  @Module({
    imports: [DiscoveryModule],
    controllers,
    providers: [{ provide: APP_INTERCEPTOR, useClass: RouteRules }],
  })
  class TestModule {}
  const module = await Test.createTestingModule({ imports: [TestModule] }).compile();
  const app = module.createNestApplication({ logger: false });
  // Stands for the global guard. A new actor with each request, as there.
  app.use((incoming: { user: Actor }, _response: unknown, next: () => void) => {
    incoming.user = { ...auditor };
    next();
  });
  return app.init();
};

describe('a route', () => {
  it.each([
    ['open', 200],
    ['everybody', 200],
    ['asks', 200],
    ['forgets', 500],
    ['asks-another', 500],
  ])('that %s answers %i', async (path, status) => {
    const app = await started(Ruled);
    try {
      // Twice: what one request asked is no excuse for the next.
      for (let i = 0; i < 2; i++) {
        const { text } = await request(app.getHttpServer()).get(`/${path}`).expect(status);
        if (status === 500) expect(text).not.toContain('secret');
      }
    } finally {
      await app.close();
    }
  });

  it('without a rule keeps the application from starting, which names it', async () => {
    await expect(started(Ruled, Unruled)).rejects.toThrow(/on Unruled\.nothing\. Add @Needs/);
    await expect(started(Ruled, NobodysRule)).rejects.toThrow(/on NobodysRule\.nobody\. Add @Needs/);
  });

  it('that does not do what the policy demands keeps the application from starting', async () => {
    await expect(started(Ruled, Untold)).rejects.toThrow(/differ on Untold\.untold\. Add @RecordsRead/);
    await expect(started(Ruled, Overtold)).rejects.toThrow(/differ on Overtold\.overtold\. Add @RecordsRead/);
    await expect(started(Ruled, Mixed)).rejects.toThrow(/different things by the actions of Mixed\.mixed/);
  });
});

describe('the columns of the policy', () => {
  /** Written out a second time: whoever takes one away has to say so here. */
  it('say what is read with a purpose', () => {
    const read = policy
      .filter(({ purpose }) => purpose)
      .flatMap(({ resource, actions }) => actions.map((a) => `${resource} ${a}`));
    expect([...new Set(read)].sort()).toEqual([
      'AccessAlert read',
      'BrokenGlass read',
      'BrokenGlass read-own',
      'Case read',
      'Case read-figures',
      'Case read-identity',
      'Case read-identity-requests',
      'Case read-messages',
      'Case review-access',
      'Deployment check',
      'Deployment read',
      'Deployment read-figures',
      'DeploymentObjection read',
      'Officer read',
      'Read read',
      'ReadQuestion read',
      'Sanction read',
      'User read',
    ]);
  });

  it('say what wants an authenticator and nothing weaker', () => {
    const by = policy
      .filter(({ stepUp }) => stepUp === 'WEBAUTHN')
      .flatMap(({ resource, actions }) => actions.map((a) => `${resource} ${a}`));
    expect([...new Set(by)].sort()).toEqual(['BrokenGlass approve', 'BrokenGlass break']);
  });

  it('are the same on all lines of an action, and in the document of each role', () => {
    const said = new Map<string, Set<string>>();
    for (const { resource, actions, stepUp, purpose } of policy) {
      for (const action of actions) {
        const key = `${resource} ${action}`;
        said.set(key, (said.get(key) ?? new Set()).add(`${stepUp} ${purpose}`));
      }
    }
    expect([...said].filter(([, columns]) => columns.size > 1)).toEqual([]);
    const document = permissionsDocument();
    expect(document).toMatch(/\| may \| export \| Case .* \| {2}\| fresh \|/);
    expect(document).toMatch(/\| may \| break \| BrokenGlass \| any \| all \| {2}\| webauthn \|/);
    expect(document).toMatch(/\| may \| read-identity \| Case .* \| in the trail \| fresh \|/);
  });
});
