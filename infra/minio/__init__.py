"""The two document sites: MinIO where its binary is present, else SeaweedFS's S3 door."""
