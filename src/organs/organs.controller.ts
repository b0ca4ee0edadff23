import { Body, Controller, Get, Patch, Post, Query } from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import { Needs } from '../http/needs.js';
import { CurrentActor } from '../http/current-actor.js';
import { IdParam } from '../http/id-param.js';
import { IfMatch } from '../http/if-match.js';
import { CreateOrganDto, ListOrgansQuery, UpdateOrganDto } from './dto/organ.dto.js';
import { OrganPage, OrganView } from './dto/organ.view.js';
import { OrgansService } from './organs.service.js';

@Controller('organs')
export class OrgansController {
  constructor(private readonly organs: OrgansService) {}

  /** The organs, sorted by code. */
  @Get()
  @Needs('read', 'Organ')
  list(@Query() query: ListOrgansQuery): Promise<OrganPage> {
    return this.organs.list(query);
  }

  /** One organ. */
  @Get(':id')
  @Needs('read', 'Organ')
  get(@IdParam() id: string): Promise<OrganView> {
    return this.organs.get(id);
  }

  /** Adds an organ to the tree. */
  @Post()
  @Needs('create', 'Organ')
  create(@CurrentActor() actor: Actor, @Body() dto: CreateOrganDto): Promise<OrganView> {
    return this.organs.create(actor, dto);
  }

  /** Renames an organ. Its place in the tree and its code stay. */
  @Patch(':id')
  @Needs('update', 'Organ')
  update(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @IfMatch() version: number,
    @Body() dto: UpdateOrganDto,
  ): Promise<OrganView> {
    return this.organs.update(actor, id, version, dto);
  }
}
