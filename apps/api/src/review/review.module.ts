import { Module } from '@nestjs/common';
import { ImagesModule } from '../images/images.module.js';
import { PeopleModule } from '../people/people.module.js';
import { ReviewController } from './review.controller.js';
import { ReviewService } from './review.service.js';

@Module({ imports: [PeopleModule, ImagesModule], controllers: [ReviewController], providers: [ReviewService] })
export class ReviewModule {}
