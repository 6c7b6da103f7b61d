"""JSON: reviews, and what may be done with them."""

from __future__ import annotations

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common.serializers import read
from designer.actions import reviews, versions
from designer.api import serializers as shapes
from designer.board import Verdict
from designer.queries import reviews as queries
from governance import access


class ReviewView(APIView):
    """One review."""

    acts = {"GET": "review.view"}

    @extend_schema(responses=shapes.ReviewOut)
    def get(self, request: Request, review_id: UUID) -> Response:
        """Return the review with what changed and what is wrong."""
        view = queries.get_review(actor=access.acting(), review_id=review_id)
        return Response(shapes.review_answer(view))


class ReviewVotesView(APIView):
    """The votes of a review."""

    acts = {"POST": "review.vote"}

    @extend_schema(request=shapes.VoteIn, responses={201: shapes.ReviewRefOut})
    def post(self, request: Request, review_id: UUID) -> Response:
        """Vote, on the digest that was shown."""
        values = read(shapes.VoteIn, request.data)
        review = reviews.cast_vote(
            actor=access.acting(),
            review_id=review_id,
            digest=values["digest"],
            verdict=Verdict(values["verdict"].upper()),
            comment=values["comment"],
        )
        return Response(shapes.review_ref(review), status=201)


class ReviewCommentsView(APIView):
    """What is said about a review."""

    acts = {"POST": "review.comment"}

    @extend_schema(request=shapes.CommentIn, responses={201: shapes.ReviewRefOut})
    def post(self, request: Request, review_id: UUID) -> Response:
        """Say something, about one element or about all of it."""
        values = read(shapes.CommentIn, request.data)
        said = reviews.add_comment(actor=access.acting(), review_id=review_id, **values)
        return Response(shapes.review_ref(said.review), status=201)


class ReviewWithdrawView(APIView):
    """The way back."""

    acts = {"POST": "review.withdraw"}

    @extend_schema(request=shapes.WithdrawIn, responses=shapes.ReviewRefOut)
    def post(self, request: Request, review_id: UUID) -> Response:
        """Take back a request for review."""
        values = read(shapes.WithdrawIn, request.data)
        review = reviews.withdraw_review(
            actor=access.acting(), review_id=review_id, reason=values["reason"]
        )
        return Response(shapes.review_ref(review))


class ReviewPublishView(APIView):
    """The way on."""

    acts = {"POST": "version.publish"}

    @extend_schema(request=shapes.PublishIn, responses={201: shapes.VersionOut})
    def post(self, request: Request, review_id: UUID) -> Response:
        """Make the approved candidate the next version."""
        values = read(shapes.PublishIn, request.data)
        version = versions.publish_version(
            actor=access.acting(), review_id=review_id, digest=values["digest"]
        )
        return Response(shapes.version_answer(version), status=201)
