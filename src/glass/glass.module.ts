import { Module } from '@nestjs/common';
import { NoticesModule } from '../notices/notices.module.js';
import { BreakGlassController } from './break-glass.controller.js';
import { BreakGlassService } from './break-glass.service.js';
import { GlassOversightService } from './glass-oversight.service.js';

@Module({
  imports: [NoticesModule],
  controllers: [BreakGlassController],
  providers: [BreakGlassService, GlassOversightService],
})
export class GlassModule {}
