"""manage.py make_bucket: the bucket of the object store, when it is not there yet."""

from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand, CommandError

THERE = ("BucketAlreadyOwnedByYou", "BucketAlreadyExists")


class Command(BaseCommand):
    """Run before the first start; may be run again."""

    help = "Makes the bucket of S3_BUCKET unless it is there. Nothing in it is touched."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        bucket = getattr(default_storage, "bucket", None)
        if bucket is None:
            self.stdout.write("files are kept in a folder here: no bucket is needed")
            return
        try:
            made = self._make(bucket.meta.client, bucket.name)
        except (BotoCoreError, ClientError) as failed:
            code = getattr(failed, "response", {}).get("Error", {}).get("Code")
            raise CommandError(
                f"the store refuses, or does not answer ({code or type(failed).__name__})"
            ) from None
        self.stdout.write(f"bucket {bucket.name}: {'made' if made else 'is there'}")

    def _make(self, client: Any, name: str) -> bool:
        try:
            client.head_bucket(Bucket=name)
            return False
        except ClientError as missing:
            if missing.response["Error"]["Code"] not in ("404", "NoSuchBucket"):
                raise
        region = client.meta.region_name
        elsewhere = region and region not in ("us-east-1", "aws-global")
        more = {"CreateBucketConfiguration": {"LocationConstraint": region}} if elsewhere else {}
        try:
            client.create_bucket(Bucket=name, **more)
        except ClientError as failed:
            if failed.response["Error"]["Code"] not in THERE:
                raise
        return True
