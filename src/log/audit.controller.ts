import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import { Needs } from '../http/needs.js';
import { CurrentActor } from '../http/current-actor.js';
import { IdParam } from '../http/id-param.js';
import {
  ListCheckpointsQuery,
  ListEntriesQuery,
  ListQuarantinesQuery,
  ListTrailChecksQuery,
  RestartDto,
  VerifyQuery,
} from './dto/trail.dto.js';
import {
  CheckpointPage,
  EntryPage,
  PolicyView,
  QuarantinePage,
  QuarantineView,
  TrailCheckPage,
  TrailCheckView,
  VerificationView,
} from './dto/trail.view.js';
import { EntriesService } from './entries.service.js';
import { QuarantinesService } from './quarantines.service.js';
import { TrailChecksService } from './trail-checks.service.js';
import { VerificationService } from './verification.service.js';

@Controller('audit')
export class AuditController {
  constructor(
    private readonly entries: EntriesService,
    private readonly quarantines: QuarantinesService,
    private readonly verification: VerificationService,
    private readonly checks: TrailChecksService,
  ) {}

  /** The entries of the trail, the newest first: who did what kind of thing when, and the hashes; no value of any. */
  @Get('entries')
  @Needs('read', 'Trail')
  listEntries(@CurrentActor() actor: Actor, @Query() query: ListEntriesQuery): Promise<EntryPage> {
    return this.entries.entries(actor, query);
  }

  /** The checkpoints of the log with what witnesses said of them, the newest first. */
  @Get('checkpoints')
  @Needs('read', 'Trail')
  listCheckpoints(
    @CurrentActor() actor: Actor,
    @Query() query: ListCheckpointsQuery,
  ): Promise<CheckpointPage> {
    return this.entries.checkpoints(actor, query);
  }

  /** How the trail is; with `stream` that stream is verified, page by page. */
  @Get('verify')
  @Needs('read', 'Trail')
  verify(@CurrentActor() actor: Actor, @Query() query: VerifyQuery): Promise<VerificationView> {
    return this.verification.verify(actor, query);
  }

  /** Lets the whole log be verified, from its first entry to its last. A job does it; one runs at a time. */
  @Post('verifications')
  @Needs('verify', 'Trail')
  @HttpCode(202)
  requestVerification(@CurrentActor() actor: Actor): Promise<TrailCheckView> {
    return this.checks.request(actor);
  }

  /** The verifications of the whole log, the newest first. */
  @Get('verifications')
  @Needs('read', 'Trail')
  listVerifications(
    @CurrentActor() actor: Actor,
    @Query() query: ListTrailChecksQuery,
  ): Promise<TrailCheckPage> {
    return this.checks.list(actor, query);
  }

  /** How far a verification of the whole log is, and how it ended. */
  @Get('verifications/:id')
  @Needs('read', 'Trail')
  verificationOf(@CurrentActor() actor: Actor, @IdParam() id: string): Promise<TrailCheckView> {
    return this.checks.get(actor, id);
  }

  /** Whom this installation believes about the trail. Compare its SHA-256 on another way before you rely on it. */
  @Get('policy')
  @Needs('read', 'Trail')
  policy(@CurrentActor() actor: Actor): Promise<PolicyView> {
    return this.entries.policyView(actor);
  }

  /** Entries that the sealer refused, the newest first. */
  @Get('quarantines')
  @Needs('read-quarantine', 'Trail')
  listQuarantines(
    @CurrentActor() actor: Actor,
    @Query() query: ListQuarantinesQuery,
  ): Promise<QuarantinePage> {
    return this.quarantines.list(actor, query);
  }

  /** Proposes to set a refused entry aside, so that its stream can go on. Another person has to confirm it. */
  @Post('quarantines/:id/propose-restart')
  @Needs('propose-restart', 'Trail')
  proposeRestart(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @Body() dto: RestartDto,
  ): Promise<QuarantineView> {
    return this.quarantines.propose(actor, id, dto);
  }

  /** Confirms it as the second person. The sealer goes on with the stream. */
  @Post('quarantines/:id/confirm-restart')
  @Needs('confirm-restart', 'Trail')
  confirmRestart(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @Body() dto: RestartDto,
  ): Promise<QuarantineView> {
    return this.quarantines.confirm(actor, id, dto);
  }
}
