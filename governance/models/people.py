"""Persons and their sign-ins. Rule 1 counts persons; accounts are only doors."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from guardian.mixins import GuardianUserMixin

from common.ids import new_id


class Person(models.Model):
    """A human being, however many accounts they have."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=120)
    time_zone = models.CharField(max_length=64, default="UTC")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def initials(self) -> str:
        """Return the letters shown where a picture would be."""
        words = self.name.split()
        return (
            "".join(word[0] for word in (words[0], words[-1])[: len(words)]).upper()
            if words
            else "?"
        )


class AccountManager(BaseUserManager["Account"]):
    """Django asks for one; accounts are made by actions."""

    def get_by_natural_key(self, username: str | None) -> Account:
        """Find an account whatever the case of its address."""
        return self.get(email__iexact=username)


class Account(AbstractBaseUser, PermissionsMixin, GuardianUserMixin):
    """One way to sign in, of a person. Nobody is a superuser; the table refuses it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="accounts")
    email = models.EmailField(unique=True)
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[AccountManager] = AccountManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(is_superuser=False), name="nobody_is_superuser"
            ),
            models.UniqueConstraint(Lower("email"), name="one_account_per_address"),
        ]

    def __str__(self) -> str:
        return self.email
