import { Module } from '@nestjs/common';
import { PeopleModule } from '../people/people.module.js';
import { CommentsController } from './comments.controller.js';
import { NotificationsController } from './notifications.controller.js';

@Module({ imports: [PeopleModule], controllers: [CommentsController, NotificationsController] })
export class CommentsModule {}
