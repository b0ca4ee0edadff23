import { Module } from '@nestjs/common';
import { AppointmentsService } from './appointments.service.js';
import { OfficersController } from './officers.controller.js';
import { OfficersService } from './officers.service.js';

@Module({
  controllers: [OfficersController],
  providers: [OfficersService, AppointmentsService],
  exports: [OfficersService],
})
export class OfficersModule {}
