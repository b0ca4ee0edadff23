import { Module } from '@nestjs/common';
import { FactorResetsController, UserFactorResetsController } from './factor-resets.controller.js';
import { FactorResetsService } from './factor-resets.service.js';
import { UsersController } from './users.controller.js';
import { UsersService } from './users.service.js';

@Module({
  controllers: [UsersController, UserFactorResetsController, FactorResetsController],
  providers: [UsersService, FactorResetsService],
  exports: [UsersService],
})
export class UsersModule {}
