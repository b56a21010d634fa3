import { Module } from '@nestjs/common';
import { PeopleModule } from '../people/people.module.js';
import { ServiceTokensController } from './service-tokens.controller.js';
import { ServiceTokensService } from './service-tokens.service.js';

@Module({ imports: [PeopleModule], controllers: [ServiceTokensController], providers: [ServiceTokensService] })
export class ServiceTokensModule {}
