import { Controller, Get, Module } from '@nestjs/common';
import { APP_INTERCEPTOR, DiscoveryModule } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import request from 'supertest';
import { abilityFor } from '../src/access/abilities.js';
import type { Actor } from '../src/access/actor.js';
import { authorize } from '../src/access/authorize.js';
import { CurrentActor, Public } from '../src/http/current-actor.js';
import { Needs, RouteRules } from '../src/http/needs.js';

const auditor: Actor = {
  userId: 'u',
  username: 'u',
  sessionId: null,
  steppedUpAt: null,
  steppedUpWith: null,
  officerId: null,
  grants: [{ role: 'AUDITOR', organId: 'o', organIds: ['o'] }],
  conflicts: [],
  brokenGlass: [],
};

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
});
