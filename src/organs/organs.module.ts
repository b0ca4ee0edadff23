import { Module } from '@nestjs/common';
import { OrgansController } from './organs.controller.js';
import { OrgansService } from './organs.service.js';

@Module({ controllers: [OrgansController], providers: [OrgansService], exports: [OrgansService] })
export class OrgansModule {}
